// Package nimroom holds the generation: everything that is derived from
// spec/openapi.yaml, in order.
package nimroom

//go:generate go run ./internal/generate clean gen
//go:generate go run ./internal/generate view spec/openapi.yaml gen/.view.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config internal/generate/models.yaml gen/.view.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config internal/generate/client.yaml gen/.view.yaml
//go:generate go run ./internal/generate code spec/openapi.yaml gen
//go:generate go run ./internal/specdist
//go:generate go run ./internal/record/cmd document
//go:generate go run ./internal/record/cmd emulator
//go:generate go run ./internal/readme
