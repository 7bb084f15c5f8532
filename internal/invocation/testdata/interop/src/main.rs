//! What wasmcloud-core 0.2.0 makes of calls: each line of stdin is a question as
//! JSON, {"message": "89a6…", "issuers": ["C…"]}, each line of stdout its verdict.

use std::io::{self, BufRead, Write};
use std::panic;

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Question {
    message: String,
    issuers: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    verdict: String,
    error: String,
}

/// Runs what may panic; a panic is told as such.
fn guarded<T>(work: impl FnOnce() -> Result<T, String> + panic::UnwindSafe) -> Result<T, (bool, String)> {
    match panic::catch_unwind(work) {
        Ok(result) => result.map_err(|e| (false, e)),
        Err(cause) => Err((
            true,
            cause
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| cause.downcast_ref::<&str>().map(|s| (*s).to_string()))
                .unwrap_or_default(),
        )),
    }
}

fn message(text: &str, issuers: &[String]) -> (String, String) {
    let bytes = match hex::decode(text) {
        Ok(bytes) => bytes,
        Err(e) => return ("bad question".into(), e.to_string()),
    };
    let invocation = match guarded(|| {
        rmp_serde::from_slice::<wasmcloud_core::Invocation>(&bytes).map_err(|e| e.to_string())
    }) {
        Ok(invocation) => invocation,
        Err((_, error)) => return ("undecodable".into(), error),
    };
    match guarded(panic::AssertUnwindSafe(|| {
        invocation.validate_antiforgery(issuers).map_err(|e| e.to_string())
    })) {
        Ok(()) => ("accepted".into(), String::new()),
        Err((true, error)) => ("panics".into(), error),
        Err((false, error)) => ("refused".into(), error),
    }
}

fn main() -> io::Result<()> {
    panic::set_hook(Box::new(|_| {}));
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?).map_err(io::Error::other)?;
        let (verdict, error) = message(&question.message, &question.issuers);
        let answer = Answer { verdict, error };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}
