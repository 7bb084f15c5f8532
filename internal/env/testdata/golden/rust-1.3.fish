# Made by latch from the manifest; holds a secret. Changes made here are lost.
# Hosts of this target ignore cluster keys: none is written.
# lattice: prod
# host: web-1
# target: rust-1.3
# generation: 7
set -gx WASMCLOUD_LATTICE 'prod'
set -gx WASMCLOUD_JS_DOMAIN 'hub'
set -gx WASMCLOUD_RPC_HOST 'nats.example.com'
set -gx WASMCLOUD_RPC_PORT '4223'
set -gx WASMCLOUD_RPC_TLS 'true'
set -gx WASMCLOUD_RPC_JWT 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJzdWIiOiJVRDZST0pCWUxLUU1PVzNFN040TTJZQlBVSE1aRDdQTDY1VlJIUk1PMjRCT1ZTQlY1SDNCUkRHUiIsIm5hdHMiOnsidHlwZSI6InVzZXIifX0.bm8gc2VydmVyIHZlcmlmaWVzIHRoaXM'
set -gx WASMCLOUD_RPC_SEED 'SUAASCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCKHGM'
set -gx WASMCLOUD_CTL_TLS 'false'
set -gx WASMCLOUD_CTL_CREDS '/etc/wasmcloud/nats.creds'
set -gx WASMCLOUD_LABEL_latch_host 'web-1'
set -gx WASMCLOUD_LABEL_latch_generation '7'
set -gx WASMCLOUD_PROV_SHUTDOWN_DELAY_MS '500'
