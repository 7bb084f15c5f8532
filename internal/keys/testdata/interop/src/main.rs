//! Reads texts from stdin, one a line, and says what two versions of nkeys make
//! of each: as a seed and as a public key by 0.3.2, then the same by 0.4.5. Each
//! answer is the public key, or "-" where the text is refused.

use std::io::{self, BufRead, BufWriter, Write};
use std::panic;

/// A library that panics has not taken the text.
fn answer(read: impl FnOnce() -> Option<String> + panic::UnwindSafe) -> String {
    panic::catch_unwind(read).ok().flatten().unwrap_or_else(|| "-".to_string())
}

fn main() -> io::Result<()> {
    panic::set_hook(Box::new(|_| {}));
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let text = line?;
        let text = text.as_str();
        writeln!(
            out,
            "{}\t{}\t{}\t{}",
            answer(|| nkeys03::KeyPair::from_seed(text).ok().map(|k| k.public_key())),
            answer(|| nkeys03::KeyPair::from_public_key(text).ok().map(|k| k.public_key())),
            answer(|| nkeys04::KeyPair::from_seed(text).ok().map(|k| k.public_key())),
            answer(|| nkeys04::KeyPair::from_public_key(text).ok().map(|k| k.public_key())),
        )?;
    }
    out.flush()
}
