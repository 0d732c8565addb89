package main

// emulatorFiles returns the file that names the features for callers of the emulator.
func emulatorFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){
		"features" + suffix: func(p *printer) { emitFeatures(p, a) },
	}
}

func emitFeatures(p *printer, a *api) {
	p.p("// The features.")
	p.p("const (")
	for _, f := range a.Features {
		p.doc(upperFirst(f.Name) + " (" + quote(f.Name) + ") stands for " + f.Value.Summary + ". Without it, the error says " + quote(f.Value.Desc) + ".")
		p.p("%s Feature = %s", upperFirst(f.Name), quote(f.Name))
	}
	p.p(")")
}
