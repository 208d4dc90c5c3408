return "PROXY proxy.example:0";
return "PROXY :3128"; PROXY	PROXY a.example:65536