// Package spec holds the OpenAPI description of the chat room API.
package spec

import _ "embed"

//go:embed openapi.yaml
var openapiYAML []byte
