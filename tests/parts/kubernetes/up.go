package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const config = `apiVersion: v1
kind: Config
clusters: [{name: it, cluster: {server: "https://127.0.0.1:%s", insecure-skip-tls-verify: true}}]
users: [{name: it, user: {token: %s}}]
contexts: [{name: it, context: {cluster: it, user: it}}]
current-context: it
`

// up runs a cluster on ports of this machine that nobody has, prints the path of a kubeconfig for it, and
// ends it with the standard input.
func up() {
	folder, err := os.MkdirTemp("", "cluster")
	if err != nil {
		panic(err)
	}
	var children []*exec.Cmd
	end := func(status int) {
		for _, child := range children {
			_ = child.Process.Kill()
			_ = child.Wait()
		}
		_ = os.RemoveAll(folder)
		os.Exit(status)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end(0)
	}()
	at := func(name string) string { return filepath.Join(folder, name) }
	write := func(name, text string) {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
	start := func(arguments ...string) {
		program, _ := os.Executable()
		log, err := os.Create(at(arguments[0] + ".log"))
		if err != nil {
			panic(err)
		}
		child := exec.Command(program, arguments...)
		child.Stdout, child.Stderr = log, log
		if err := child.Start(); err != nil {
			panic(err)
		}
		children = append(children, child)
	}

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	write("key", string(pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
	})))
	data, peers, secure, token := port(), port(), port(), rand.Text()
	write("tokens", token+",admin,1,system:masters\n")
	write("kubeconfig", fmt.Sprintf(config, secure, token))
	address := "http://127.0.0.1:" + data
	start("etcd", "--data-dir", at("etcd"), "--unsafe-no-fsync", "--log-level", "error",
		"--listen-client-urls", address, "--advertise-client-urls", address,
		"--listen-peer-urls", "http://127.0.0.1:"+peers)
	start("kube-apiserver", "--etcd-servers", address, "--cert-dir", at("certificates"),
		"--bind-address", "127.0.0.1", "--secure-port", secure, "--token-auth-file", at("tokens"),
		"--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.96.0.0/16",
		"--service-account-issuer", "https://kubernetes.default.svc",
		"--service-account-key-file", at("key"), "--service-account-signing-key-file", at("key"),
		"--disable-admission-plugins", "ServiceAccount")
	start("kube-controller-manager", "--kubeconfig", at("kubeconfig"), "--leader-elect=false", "--secure-port", "0",
		"--controllers", "deployment-controller,replicaset-controller,endpointslice-controller")
	start("nodes", at("kubeconfig"))
	program, _ := os.Executable()
	for until := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		asked := exec.Command(program, "kubectl", "--kubeconfig", at("kubeconfig"), "get", "namespace", "default")
		said, err := asked.CombinedOutput()
		if err == nil {
			break
		}
		if time.Now().After(until) {
			log, _ := os.ReadFile(at("kube-apiserver.log"))
			fmt.Fprintf(os.Stderr, "%s\n%s\n", said, log)
			end(1)
		}
	}
	fmt.Println(at("kubeconfig"))
	select {}
}

// port is one that nobody listens on.
func port() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	_, found, _ := net.SplitHostPort(listener.Addr().String())
	return found
}
