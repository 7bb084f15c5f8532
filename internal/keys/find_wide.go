package keys

// wideRun is the first stretch, at from or behind it, of a text in UTF-16 that is long
// enough for a seed: characters of one byte with a zero byte each, before or behind it.
// It looks at two bytes in 64 where there is none.
func wideRun(text []byte, from int) Span {
	const long = 2 * longEnough
	for i := from + long - 1; i+1 < len(text); i += long {
		zero := i
		if text[i] != 0 {
			zero++
		}
		if text[zero] != 0 || text[2*i+1-zero] == 0 {
			continue
		}
		run := Span{From: zero, To: zero + 1}
		for run.From-2 >= from && text[run.From-2] == 0 && text[run.From-1] != 0 {
			run.From -= 2
		}
		for run.To+1 < len(text) && text[run.To] != 0 && text[run.To+1] == 0 {
			run.To += 2
		}
		if run.From > from && text[run.From-1] != 0 {
			run.From--
		}
		if run.To < len(text) && text[run.To] != 0 {
			run.To++
		}
		if run.To-run.From >= long {
			return run
		}
		i = max(i, run.To-long)
	}
	return Span{}
}

// eachWide gives the seeds in base64 and in lower case of a stretch of UTF-16.
func eachWide(text []byte, part Span, yield func(Seed, Span)) {
	first := part.From
	if text[first] == 0 {
		first++
	}
	narrow := make([]byte, 0, (part.To-first+1)/2)
	for i := first; i < part.To; i += 2 {
		narrow = append(narrow, text[i])
	}
	defer clear(narrow)
	f := finder{text: narrow}
	defer f.wipe()
	f.eachOther(func(seed Seed, span Span) {
		yield(seed, Span{From: first + 2*span.From, To: first + 2*(span.To-1) + 1, Sound: span.Sound})
	})
}
