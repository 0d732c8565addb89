package rules

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// Values that are the same for all operations.
var (
	signingHeaders = []string{"AppKey", "CheckSum", "CurTime", "Nonce"}
	serverDomains  = []string{".netease.im", ".yunxinapi.com"}
	// After these codes it is unknown whether the operation took effect. The retries of
	// the client depend on them.
	openOutcome = []int{408, 431, 449, 500, 511, 999, 13001}
	// After these codes the same request may succeed when it is sent again: the service
	// was busy, unavailable, slow or failing.
	passing = []int{408, 449, 500, 503, 514}
)

const emulatorServer = "http://127.0.0.1:8500/nimserver"

// root checks the parts outside the operations.
func (c *checker) root() {
	info := c.doc.Info
	if c.doc.OpenAPI != "3.0.4" {
		c.errorf("openapi: %q: 3.0.4 is the version that says how JSON stands in forms", c.doc.OpenAPI)
	}
	if !semver.IsValid("v"+info.Version) || strings.Count(info.Version, ".") < 2 {
		c.errorf("info: version %q is not semantic", info.Version)
	}
	if info.Title == "" || info.Description == "" || info.Contact == nil || info.License == nil || c.doc.ExternalDocs == nil {
		c.errorf("info: title, description, contact, licence or page is missing")
	}
	for _, tag := range c.doc.Tags {
		if tag.Description == "" {
			c.errorf("tags: %s is not described", tag.Name)
		}
	}
	c.servers()
	c.security()
}

func (c *checker) servers() {
	emulator := 0
	for _, server := range c.doc.Servers {
		address, err := url.Parse(server.URL)
		switch {
		case server.Description == "":
			c.errorf("servers: %s is not described", server.URL)
		case server.URL == emulatorServer:
			emulator++
		case err != nil || address.Scheme != "https" || address.Path != "/nimserver" ||
			!slices.ContainsFunc(serverDomains, func(d string) bool { return strings.HasSuffix(address.Host, d) }):
			c.errorf("servers: %s is not an address of the service", server.URL)
		}
	}
	if emulator != 1 {
		c.errorf("servers: the emulator's default address is missing")
	}
}

// security checks that every operation requires all four signing headers.
func (c *checker) security() {
	if len(c.doc.Components.SecuritySchemes) != len(signingHeaders) {
		c.errorf("securitySchemes: not the four signing headers")
	}
	for _, name := range signingHeaders {
		ref := c.doc.Components.SecuritySchemes[name]
		if ref == nil || ref.Value.Type != "apiKey" || ref.Value.In != "header" || ref.Value.Name != name || ref.Value.Description == "" {
			c.errorf("securitySchemes: %s is not a header of this name with a description", name)
		}
	}
	if len(c.doc.Security) != 1 || len(c.doc.Security[0]) != len(signingHeaders) {
		c.errorf("security: not one requirement of all signing headers")
	}
	for path, item := range c.doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.Security != nil {
				c.errorf("%s: security of its own", path)
			}
		}
	}
}
