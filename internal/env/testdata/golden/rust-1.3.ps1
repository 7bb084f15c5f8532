# Made by latch from the manifest; holds a secret. Changes made here are lost.
# Hosts of this target ignore cluster keys: none is written.
# lattice: prod
# host: web-1
# target: rust-1.3
# generation: 7
$Env:WASMCLOUD_LATTICE = 'prod'
$Env:WASMCLOUD_JS_DOMAIN = 'hub'
$Env:WASMCLOUD_RPC_HOST = 'nats.example.com'
$Env:WASMCLOUD_RPC_PORT = '4223'
$Env:WASMCLOUD_RPC_TLS = 'true'
$Env:WASMCLOUD_RPC_JWT = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJzdWIiOiJVRDZST0pCWUxLUU1PVzNFN040TTJZQlBVSE1aRDdQTDY1VlJIUk1PMjRCT1ZTQlY1SDNCUkRHUiIsIm5hdHMiOnsidHlwZSI6InVzZXIifX0.bm8gc2VydmVyIHZlcmlmaWVzIHRoaXM'
$Env:WASMCLOUD_RPC_SEED = 'SUAASCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCKHGM'
$Env:WASMCLOUD_CTL_TLS = 'false'
$Env:WASMCLOUD_CTL_CREDS = '/etc/wasmcloud/nats.creds'
$Env:WASMCLOUD_LABEL_latch_host = 'web-1'
$Env:WASMCLOUD_LABEL_latch_generation = '7'
$Env:WASMCLOUD_PROV_SHUTDOWN_DELAY_MS = '500'
