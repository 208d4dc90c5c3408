function FindProxyForURL(url, host)
{
  if (isPlainHostName(host)) return "DIRECT";
  return "PROXY proxy.example:3128; PROXY [2001:db8::1]:8080; SOCKS5 socks.example; DIRECT";
}
