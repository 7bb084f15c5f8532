// Package kubernetes reads what objects of Kubernetes tell the hosts that run in
// pods: Secrets and ConfigMaps, the containers of workloads that take them, and
// the operator's WasmCloudHostConfig.
package kubernetes
