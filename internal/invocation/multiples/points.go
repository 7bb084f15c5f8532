package multiples

import "filippo.io/edwards25519/field"

// affine is a point as it is added fastest: y+x, y-x and 2dxy. The edwards25519
// library has this form too, and keeps it to itself.
type affine struct{ plus, minus, product field.Element }

// extended is a point as a sum is kept: x/z, y/z, and t = xy/z. The formulas are
// complete, right for every two points of the curve, those of small order too
// (Hisil, Wong, Carter, Dawson: Twisted Edwards Curves Revisited, 3.1).
type extended struct{ x, y, z, t field.Element }

func identity() *extended {
	p := new(extended)
	p.y.One()
	p.z.One()
	return p
}

func (p *extended) add(q *affine) {
	var a, b, c, z field.Element
	a.Multiply(a.Add(&p.y, &p.x), &q.plus)
	b.Multiply(b.Subtract(&p.y, &p.x), &q.minus)
	c.Multiply(&p.t, &q.product)
	z.Add(&p.z, &p.z)
	p.from(&a, &b, new(field.Element).Add(&z, &c), new(field.Element).Subtract(&z, &c))
}

func (p *extended) subtract(q *affine) {
	var a, b, c, z field.Element
	a.Multiply(a.Add(&p.y, &p.x), &q.minus)
	b.Multiply(b.Subtract(&p.y, &p.x), &q.plus)
	c.Multiply(&p.t, &q.product)
	z.Add(&p.z, &p.z)
	p.from(&a, &b, new(field.Element).Subtract(&z, &c), new(field.Element).Add(&z, &c))
}

// from brings the parts of a sum together.
func (p *extended) from(a, b, z, t *field.Element) {
	var x, y field.Element
	x.Subtract(a, b)
	y.Add(a, b)
	p.x.Multiply(&x, t)
	p.y.Multiply(&y, z)
	p.z.Multiply(z, t)
	p.t.Multiply(&x, &y)
}

// spelled is the point as a signature spells it, given 1/z.
func (p *extended) spelled(inverse *field.Element) [32]byte {
	var x, y field.Element
	x.Multiply(&p.x, inverse)
	y.Multiply(&p.y, inverse)
	out := [32]byte(y.Bytes())
	out[31] |= byte(x.IsNegative() << 7)
	return out
}

// twiceD is 2d, d being -121665/121666 (RFC 8032, 5.1).
func twiceD() *field.Element {
	one := new(field.Element).One()
	above := new(field.Element).Mult32(one, 2*121665)
	below := new(field.Element).Mult32(one, 121666)
	return above.Multiply(above.Negate(above), below.Invert(below))
}
