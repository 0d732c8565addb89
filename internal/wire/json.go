package wire

// UnmarshalJSON implements the method of that name. It leaves *v unchanged for null and if it
// fails.
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

// Whole returns a function that decodes a text with one object and nothing else.
func Whole[T any](decode func(*Decoder, *T)) func([]byte) (*T, error) {
	return func(data []byte) (*T, error) {
		d, v := NewDecoder(data), new(T)
		d.partial = true
		decode(d, v)
		d.End()
		return v, d.Err()
	}
}
