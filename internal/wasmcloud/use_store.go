package wasmcloud

import "strings"

// The streams of the cache, by Store.Stream with the lattice as a place.
const (
	cacheStream  = "LATTICECACHE_{lattice}"
	dataStream   = keyValue + latticeData + "{lattice}"
	configStream = keyValue + configData + "{lattice}"
	chunkStream  = object + "{lattice}"
)

// cacheUses are how a host keeps its lattice's data in JetStream. Source:
// wasmcloud-otp v0.57.0 and v0.63.2 jetstream/client.ex; wasmCloud v0.82.0
// crates/host/src/wasmbus/mod.rs with async-nats 0.31 to 0.39, which names none of
// its consumers and deletes none.
func cacheUses() []Use {
	cached, buckets := everyOTP().until(0, 59, last), since(0, 60, 0)
	rows := []Use{
		{Action: Publish, Subject: "{api}.STREAM.CREATE." + cacheStream, Reason: "makes the cache", otp: cached},
		{Action: Publish, Subject: "{api}.CONSUMER.CREATE." + cacheStream, Reason: "reads the cache", otp: cached},
		{Action: Publish, Subject: "lc.{lattice}.*.*", Reason: "writes claims, links and references to the cache", otp: cached},
		{Action: Publish, Subject: "{api}.STREAM.INFO." + cacheStream, Reason: "looks whether the cache of OTP 0.59 is still there", otp: buckets},
		{Action: Publish, Subject: "{api}.CONSUMER.CREATE." + cacheStream, Reason: "reads the cache of OTP 0.59", Option: OldCache, otp: buckets},
		{Action: Publish, Subject: "{api}.STREAM.DELETE." + cacheStream, Reason: "deletes the cache of OTP 0.59 once it is moved", Option: OldCache, otp: buckets},
		{Action: Publish, Subject: "{api}.STREAM.CREATE." + dataStream, Reason: "makes the bucket of claims and links", otp: buckets},
		{Action: Publish, Subject: "{api}.CONSUMER.CREATE." + dataStream, Reason: "watches claims and links", otp: buckets},
		{Action: Publish, Subject: "{kv}." + latticeData + "{lattice}.>", Reason: "writes claims and links", otp: buckets},
	}
	rows = append(rows, bucketUses(latticeData, "claims and links", everyRust())...)
	return append(rows, bucketUses(configData, "configuration", since(0, 81, 0))...)
}

// bucketUses are how a Rust host uses a key-value bucket.
func bucketUses(bucket, holds string, rust spans) []Use {
	name := bucket + "{lattice}"
	stream := keyValue + name
	rows := []Use{
		{Subject: "{api}.STREAM.CREATE." + stream, Reason: "makes the bucket of " + holds},
		{Subject: "{api}.STREAM.INFO." + stream, Reason: "looks for the bucket of " + holds},
		{Subject: "{api}.CONSUMER.CREATE." + stream, Reason: "watches " + holds},
		{Subject: "{api}.DIRECT.GET." + stream + ".>", Reason: "reads " + holds},
		{Subject: "{api}.STREAM.MSG.GET." + stream, Reason: "reads " + holds + " where the bucket was made without direct reads"},
		{Subject: "$JS.FC." + stream + ".>", Reason: "tells JetStream to go on delivering " + holds},
		{Subject: "{kv}." + name + ".>", Reason: "writes " + holds},
	}
	for i := range rows {
		rows[i].rust = rust
	}
	return append(rows, Use{Subject: "{api}.CONSUMER.CREATE." + stream + ".>", Reason: "watches " + holds + " with named consumers, as later clients do", rust: newRust()})
}

// chunkUses are how large payloads pass through the object store, on the
// connection for invocations. Source: wasmCloud v0.82.0
// crates/core/src/chunking.rs; wasmcloud-otp v0.53.0 application.ex. From 1.0 on
// wRPC streams instead.
func chunkUses() []Use {
	rows := []Use{
		{Subject: "{api}.STREAM.CREATE." + chunkStream, Reason: "makes the store of large payloads"},
		{Subject: "{api}.STREAM.INFO." + chunkStream, Reason: "looks for the store of large payloads"},
		{Subject: "{api}.CONSUMER.CREATE." + chunkStream, Reason: "reads large payloads"},
		{Subject: "{api}.STREAM.MSG.GET." + chunkStream, Reason: "finds large payloads"},
		{Subject: "{api}.STREAM.PURGE." + chunkStream, Reason: "deletes large payloads that were read"},
		{Subject: "$JS.FC." + chunkStream + ".>", Reason: "tells JetStream to go on delivering large payloads"},
		// Never by a domain: async-nats publishes chunks and what describes them bare.
		{Subject: "$O.{lattice}.>", Reason: "writes large payloads"},
	}
	for i := range rows {
		rows[i].Option, rows[i].otp, rows[i].rust = Chunks, since(0, 53, 0), oldRust()
	}
	return rows
}

// providerChunkUses are the same of a provider: it is told no domain. Source:
// wasmCloud v0.82.0 crates/provider-sdk/src/rpc_client.rs.
func providerChunkUses() []Use {
	rows := chunkUses()
	for i := range rows {
		rows[i].Subject = strings.Replace(rows[i].Subject, string(APIPlace), JetStreamAPI, 1)
	}
	return rows
}
