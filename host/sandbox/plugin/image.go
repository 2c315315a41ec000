package plugin

import (
	"bytes"
	"errors"
	"fmt"
)

// block is the stretch of memory that is compared and copied at once, in bytes.
const block = 4 << 10

// image is a module as it is before every call: its memory and its globals.
type image struct {
	blocks  [][]byte // the memory; none when it is mapped
	size    int      // of the memory, in bytes
	globals []uint64
	mapped  *mapping // nil: instances copy memory
}

// save takes an image of an instance in which nothing runs. It is mapped where the
// system can.
func (in *instance) save() (*image, error) {
	now, ok := in.memory.Read(0, in.memory.Size())
	if !ok {
		return nil, errPointer
	}
	i := &image{size: len(now)}
	for _, g := range in.globals {
		i.globals = append(i.globals, g.Get())
	}
	if i.size > 0 {
		mapped, err := mapImage(now)
		if err == nil {
			i.mapped = mapped
			return i, nil
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return nil, fmt.Errorf("plug-in: image: %w", err)
		}
	}
	for at := 0; at < len(now); at += block {
		b := zeros[:]
		if !bytes.Equal(now[at:at+block], b) {
			b = bytes.Clone(now[at : at+block])
		}
		i.blocks = append(i.blocks, b)
	}
	return i, nil
}

// restore makes an instance as the image says, and leaves nothing of what it has done.
// An instance whose memory has grown cannot be restored: it would know that it had.
func (i *image) restore(in *instance) error {
	size := int(in.memory.Size())
	if size < i.size {
		if _, ok := in.memory.Grow(uint32((i.size - size) / pageSize)); !ok {
			return fmt.Errorf("plug-in: an image of %d bytes does not fit", i.size)
		}
		size = i.size
	}
	if size != i.size {
		return errGrown
	}
	now, ok := in.memory.Read(0, uint32(size))
	if !ok {
		return errPointer
	}
	if i.mapped != nil {
		if err := in.region.restore(i.mapped, now); err != nil {
			return fmt.Errorf("plug-in: image: %w", err)
		}
	} else {
		i.copyBack(now)
	}
	for n, g := range in.globals {
		g.Set(i.globals[n])
	}
	return nil
}

// errGrown says that an instance has a larger memory than its image.
var errGrown = errors.New("plug-in: the memory has grown")

// zeros is a block that holds nothing. Most blocks of an image are this one, which
// stays in the nearest cache while the others are compared with it.
var zeros [block]byte

// copyBack copies what has changed. Comparing first leaves the many blocks alone that a
// call never touches.
func (i *image) copyBack(now []byte) {
	for n, before := range i.blocks {
		if a := now[n*block : (n+1)*block]; !bytes.Equal(a, before) {
			copy(a, before)
		}
	}
}

// close frees the image; instances that map it keep what they have.
func (i *image) close() error {
	if i.mapped == nil {
		return nil
	}
	return i.mapped.close()
}

// pageSize is the unit in which memory grows, in bytes.
const pageSize = 64 << 10
