package wrapper

import "github.com/nimroom/nimroom/internal/environment"

// DefaultBaseURL is the service in China, the first of [ChinaHosts].
const DefaultBaseURL = "https://api.netease.im/nimserver"

// ChinaHosts returns the base URLs of the service in China: the documented host, the
// newer one, and the backup of the newer one.
func ChinaHosts() []string { return environment.Hosts(environment.China) }

// OverseasHosts returns the base URLs of the service outside China, in Singapore.
func OverseasHosts() []string { return environment.Hosts(environment.Overseas) }
