package wire

// UnmarshalJSON reads JSON for a type's method of that name: null leaves *v as it is,
// and so does an error.
func UnmarshalJSON[T any](data []byte, v *T, read func([]byte) (*T, error)) error {
	if NewDecoder(data).Null() {
		return nil
	}
	got, err := read(data)
	if err == nil {
		*v = *got
	}
	return err
}

// Whole makes of a function that decodes an object one that reads a text which holds
// nothing but the object.
func Whole[T any](decode func(*Decoder, *T)) func([]byte) (*T, error) {
	return func(data []byte) (*T, error) {
		d, v := NewDecoder(data), new(T)
		decode(d, v)
		d.End()
		return v, d.Err()
	}
}
