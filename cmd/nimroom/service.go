package main

import (
	"cmp"

	"github.com/nimroom/nimroom/wrapper"
)

// serviceFlags say which service a command calls, and for which app.
type serviceFlags struct {
	BaseURL string `env:"NIM_BASE_URL" placeholder:"URL" help:"Base URL of the service, with its path prefix. The default is that of the region, such as ${base_url}."`
	Region  string `env:"NIM_REGION" enum:"china,overseas" default:"china" help:"Region of the app: china or overseas."`
	AppKey  string `env:"NIM_APP_KEY" help:"The app's key."`
}

// base returns the base URL.
func (f *serviceFlags) base() string {
	hosts := wrapper.ChinaHosts()
	if f.Region == "overseas" {
		hosts = wrapper.OverseasHosts()
	}
	return cmp.Or(f.BaseURL, hosts[0])
}
