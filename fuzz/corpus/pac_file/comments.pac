// PROXY old.example:80
/* HTTPS tls.example:443 */ function FindProxyForURL(u, h) { return "PROXY " + h + ":80"; }
var s = "a \" // PROXY quoted.example:1";
return `PROXY 192.0.2.1`