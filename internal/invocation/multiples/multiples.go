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

// digits gives the digits of a scalar in base 2^width, lowest first, each from
// -2^(width-1)+1 to 2^(width-1).
func (m *multiples) digits(s *edwards25519.Scalar, each func(i, digit int)) {
	var text [40]byte // room to read eight bytes anywhere
	copy(text[:], s.Bytes())
	carry := 0
	for i := range m.rows {
		at := uint(i) * m.width
		bits := binary.LittleEndian.Uint64(text[at/8:]) >> (at % 8)
		digit := int(bits&(1<<m.width-1)) + carry
		carry = 0
		if digit > 1<<(m.width-1) {
			digit -= 1 << m.width
			carry = 1
		}
		each(i, digit)
	}
}

// add adds s times the point to sum.
func (m *multiples) add(sum *extended, s *edwards25519.Scalar) {
	m.digits(s, func(i, digit int) {
		switch {
		case digit > 0:
			sum.add(&m.rows[i][digit-1])
		case digit < 0:
			sum.subtract(&m.rows[i][-digit-1])
		}
	})
}

// subtract subtracts s times the point from sum.
func (m *multiples) subtract(sum *extended, s *edwards25519.Scalar) {
	m.digits(s, func(i, digit int) {
		switch {
		case digit > 0:
			sum.subtract(&m.rows[i][digit-1])
		case digit < 0:
			sum.add(&m.rows[i][-digit-1])
		}
	})
}
