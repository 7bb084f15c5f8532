package multiples

import (
	"encoding/binary"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// multiples are those of a point that a scalar, written in base 2^width, needs:
// 1 to 2^(width-1) times 2^(i*width) times the point, for each digit i.
type multiples struct {
	width uint
	rows  [][]affine
}

// width of the digits: wider ones take fewer additions and more memory.
const (
	baseWidth   = 12 // 5.2 MiB, once
	issuerWidth = 10 // 1.5 MiB for each issuer
)

func multiplesOf(p *edwards25519.Point, width uint) *multiples {
	count, half := digitCount(width), 1<<(width-1)
	points := make([]edwards25519.Point, count*half)
	unit := new(edwards25519.Point).Set(p)
	for i := 0; i < len(points); i += half {
		points[i].Set(unit)
		for j := 1; j < half; j++ {
			points[i+j].Add(&points[i+j-1], unit)
		}
		unit.Add(&points[i+half-1], &points[i+half-1])
	}
	all := affines(points)
	m := &multiples{width: width}
	for i := range count {
		m.rows = append(m.rows, all[i*half:(i+1)*half])
	}
	return m
}

// digitCount is how many digits a scalar has, which is below 2^253, and one bit
// more for the carry.
func digitCount(width uint) int { return int((254 + width - 1) / width) }

// affines are the points without their denominators, which are inverted all at
// once: Montgomery's trick.
func affines(points []edwards25519.Point) []affine {
	products := make([]field.Element, len(points)) // of the denominators before each
	product := new(field.Element).One()
	for i := range points {
		products[i].Set(product)
		_, _, z, _ := points[i].ExtendedCoordinates()
		product.Multiply(product, z)
	}
	inverse, d2 := new(field.Element).Invert(product), twiceD()
	all := make([]affine, len(points))
	for i := len(points) - 1; i >= 0; i-- {
		x, y, z, _ := points[i].ExtendedCoordinates()
		own := products[i].Multiply(&products[i], inverse)
		inverse.Multiply(inverse, z)
		x.Multiply(x, own)
		y.Multiply(y, own)
		all[i].plus.Add(y, x)
		all[i].minus.Subtract(y, x)
		all[i].product.Multiply(x, y)
		all[i].product.Multiply(&all[i].product, d2)
	}
	return all
}

// mostDigits is how many digits a scalar has at the narrowest width in use.
const mostDigits = 254/issuerWidth + 1

// terms are the multiples that make up s times the point, each to be added or
// subtracted. They are gathered before anything is computed with one: tables are
// larger than a core's cache, and memory answers many questions at once.
type terms struct {
	of       [mostDigits]affine
	negative [mostDigits]bool
	count    int
}

// gather writes s in base 2^width, with digits from -2^(width-1)+1 to 2^(width-1).
func (m *multiples) gather(t *terms, s *edwards25519.Scalar) {
	var text [40]byte // room to read eight bytes anywhere
	copy(text[:], s.Bytes())
	carry := 0
	t.count = 0
	for i, row := range m.rows {
		at := uint(i) * m.width
		bits := binary.LittleEndian.Uint64(text[at/8:]) >> (at % 8)
		digit := int(bits&(1<<m.width-1)) + carry
		carry = 0
		if digit > 1<<(m.width-1) {
			digit -= 1 << m.width
			carry = 1
		}
		switch {
		case digit > 0:
			t.of[t.count], t.negative[t.count] = row[digit-1], false
		case digit < 0:
			t.of[t.count], t.negative[t.count] = row[-digit-1], true
		default:
			continue
		}
		t.count++
	}
}

// addTo adds the terms to sum.
func (t *terms) addTo(sum *extended) {
	for i := range t.count {
		if t.negative[i] {
			sum.subtract(&t.of[i])
		} else {
			sum.add(&t.of[i])
		}
	}
}

// subtractFrom subtracts the terms from sum.
func (t *terms) subtractFrom(sum *extended) {
	for i := range t.count {
		if t.negative[i] {
			sum.add(&t.of[i])
		} else {
			sum.subtract(&t.of[i])
		}
	}
}
