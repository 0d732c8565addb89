module nimroom.example/interop

go 1.25.0
