package wasmbin

// FuncType is the signature of a function.
type FuncType struct{ Params, Results []ValType }

// Signature makes a FuncType from two spellings, one letter a value: i for I32,
// l for I64, d for F64. Any other letter panics: signatures are constants.
func Signature(params, results string) FuncType {
	return FuncType{spelled(params), spelled(results)}
}

func spelled(letters string) []ValType {
	var t []ValType
	for _, l := range letters {
		switch l {
		case 'i':
			t = append(t, I32)
		case 'l':
			t = append(t, I64)
		case 'd':
			t = append(t, F64)
		default:
			panic("unreachable: no value type is spelled " + string(l))
		}
	}
	return t
}

// types are the distinct signatures of a module, in order of first use.
type types struct {
	list  []FuncType
	known map[string]uint32
}

func (t *types) index(f FuncType) uint32 {
	key := string(encodeType(f))
	if i, ok := t.known[key]; ok {
		return i
	}
	if t.known == nil {
		t.known = map[string]uint32{}
	}
	i := uint32(len(t.list))
	t.list = append(t.list, f)
	t.known[key] = i
	return i
}

func encodeType(f FuncType) []byte {
	w := writer{buf: []byte{0x60}}
	for _, values := range [][]ValType{f.Params, f.Results} {
		w.count(len(values))
		for _, v := range values {
			w.byte(byte(v))
		}
	}
	return w.buf
}

func (t *types) section() []byte {
	if len(t.list) == 0 {
		return nil
	}
	var w writer
	w.count(len(t.list))
	for _, f := range t.list {
		w.bytes(encodeType(f))
	}
	return w.buf
}
