package wrapper

import "reflect"

// Ptr returns a pointer to v, for the optional fields of a request, so that false, 0 and
// "" can be sent too:
//
//	wrapper.Ptr(false)
func Ptr[T any](v T) *T { return &v }

// valueOf returns *p, or the zero value if p is nil.
func valueOf[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// isNil reports whether an interface is nil or holds a nil pointer, or another nil value.
func isNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan:
		return r.IsNil()
	default:
		return false
	}
}
