package wrapper

// DefaultBaseURL is the service in China, the first of [ChinaHosts].
const DefaultBaseURL = "https://api.netease.im/nimserver"

// ChinaHosts returns the base URLs of the service in China: the documented host, the
// newer one, and the backup of the newer one.
func ChinaHosts() []string {
	return []string{
		DefaultBaseURL,
		"https://api.yunxinapi.com/nimserver",
		"https://api-cn-bak.yunxinapi.com/nimserver",
	}
}

// OverseasHosts returns the base URLs of the service outside China, in Singapore.
func OverseasHosts() []string {
	return []string{
		"https://api-sg.netease.im/nimserver",
		"https://api-sg.yunxinapi.com/nimserver",
		"https://api-sg-bak.yunxinapi.com/nimserver",
	}
}
