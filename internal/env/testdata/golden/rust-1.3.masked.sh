# Seeds are masked: no host can use this.
# Hosts of this target ignore cluster keys: none is written.
# lattice: prod
# host: web-1
# target: rust-1.3
# generation: 7
export WASMCLOUD_LATTICE='prod'
export WASMCLOUD_JS_DOMAIN='hub'
export WASMCLOUD_RPC_HOST='nats.example.com'
export WASMCLOUD_RPC_PORT='4223'
export WASMCLOUD_RPC_TLS='true'
export WASMCLOUD_RPC_JWT='eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJzdWIiOiJVRDZST0pCWUxLUU1PVzNFN040TTJZQlBVSE1aRDdQTDY1VlJIUk1PMjRCT1ZTQlY1SDNCUkRHUiIsIm5hdHMiOnsidHlwZSI6InVzZXIifX0.bm8gc2VydmVyIHZlcmlmaWVzIHRoaXM'
export WASMCLOUD_RPC_SEED='[seed of UD6ROJBYLKQMOW3E7N4M2YBPUHMZD7PL65VRHRMO24BOVSBV5H3BRDGR]'
export WASMCLOUD_CTL_TLS='false'
export WASMCLOUD_CTL_CREDS='/etc/wasmcloud/nats.creds'
export WASMCLOUD_LABEL_latch_host='web-1'
export WASMCLOUD_LABEL_latch_generation='7'
export WASMCLOUD_PROV_SHUTDOWN_DELAY_MS='500'
