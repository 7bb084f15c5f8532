//! Asks the published crates that wasmCloud hosts are made of. Each line of stdin
//! is a question as JSON, each line of stdout its answer:
//!
//!   {"key": "C…", "seed": false}        what nkeys 0.3.2 and 0.4.5 make of a key
//!   {"message": "89a6…", "issuers": []} what wasmcloud-core 0.2.0 makes of a call

use std::io::{self, BufRead, Write};
use std::panic;

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Question {
    key: Option<String>,
    #[serde(default)]
    seed: bool,
    message: Option<String>,
    #[serde(default)]
    issuers: Vec<String>,
}

#[derive(Default, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Key>,
    #[serde(skip_serializing_if = "String::is_empty")]
    verdict: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    error: String,
}

#[derive(Serialize)]
struct Key {
    version: &'static str,
    public: String,
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

fn key(text: &str, seed: bool) -> Vec<Key> {
    let old = guarded(|| {
        if seed { nkeys03::KeyPair::from_seed(text) } else { nkeys03::KeyPair::from_public_key(text) }
            .map(|pair| pair.public_key())
            .map_err(|e| e.to_string())
    });
    let new = guarded(|| {
        if seed { nkeys04::KeyPair::from_seed(text) } else { nkeys04::KeyPair::from_public_key(text) }
            .map(|pair| pair.public_key())
            .map_err(|e| e.to_string())
    });
    [("0.3.2", old), ("0.4.5", new)]
        .into_iter()
        .map(|(version, result)| match result {
            Ok(public) => Key { version, public, error: String::new() },
            Err((_, error)) => Key { version, public: String::new(), error },
        })
        .collect()
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
        let mut answer = Answer::default();
        if let Some(text) = &question.key {
            answer.keys = key(text, question.seed);
        }
        if let Some(text) = &question.message {
            (answer.verdict, answer.error) = message(text, &question.issuers);
        }
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}
