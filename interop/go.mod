module github.com/nimroom/nimroom/interop

go 1.25.0

require github.com/nimroom/nimroom v0.0.0

require (
	github.com/gofrs/flock v0.13.1 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/time v0.15.0 // indirect
)

replace github.com/nimroom/nimroom => ../
