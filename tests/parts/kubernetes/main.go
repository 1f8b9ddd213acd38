// A Kubernetes cluster in one program: its API server with etcd, its controllers, and kubectl, each as
// Kubernetes builds it. What no machine without containers has, the nodes and a gateway, is played here.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"go.etcd.io/etcd/server/v3/etcdmain"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "name one of etcd, kube-apiserver, kube-controller-manager, kubectl, nodes, up")
		os.Exit(2)
	}
	os.Args = os.Args[1:]
	switch os.Args[0] {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllers.NewControllerManagerCommand()))
	case "kubectl":
		os.Exit(cli.Run(cmd.NewDefaultKubectlCommand()))
	case "up":
		up()
	case "nodes":
		nodes(os.Args[1])
	}
}

var routes = gateway.SchemeGroupVersion.WithResource("httproutes")

// nodes runs pods, and takes routes over, until it is killed. It knows the API by a kubeconfig.
func nodes(config string) {
	rest, err := clientcmd.BuildConfigFromFlags("", config)
	if err != nil {
		panic(err)
	}
	rest.QPS, rest.Burst = 1000, 1000
	client, others := kubernetes.NewForConfigOrDie(rest), dynamic.NewForConfigOrDie(rest)
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node"}}
	for addresses := 1; ; time.Sleep(100 * time.Millisecond) {
		// What fails, such as while the API starts, is tried again.
		if pods, err := client.CoreV1().Pods("").List(context.Background(), metav1.ListOptions{}); err == nil {
			_, _ = client.CoreV1().Nodes().Create(context.Background(), node, metav1.CreateOptions{})
			for _, pod := range pods.Items {
				if pod.DeletionTimestamp != nil {
					now := int64(0)
					_ = client.CoreV1().Pods(pod.Namespace).Delete(
						context.Background(), pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &now})
				} else if pod.Status.Phase == corev1.PodPending {
					addresses++
					run(client, &pod, addresses)
				}
			}
		}
		if found, err := others.Resource(routes).List(context.Background(), metav1.ListOptions{}); err == nil {
			for _, route := range found.Items {
				takeOver(others, route.GetNamespace(), route.GetName(), route.GetGeneration(), route.Object)
			}
		}
	}
}

// run binds a pod to the node and makes it ready, unless its image is broken.
func run(client kubernetes.Interface, pod *corev1.Pod, address int) {
	if pod.Spec.NodeName == "" {
		_ = client.CoreV1().Pods(pod.Namespace).Bind(context.Background(), &corev1.Binding{
			ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace},
			Target:     corev1.ObjectReference{Kind: "Node", Name: "node"},
		}, metav1.CreateOptions{})
		return
	}
	for _, container := range pod.Spec.Containers {
		if strings.Contains(container.Image, "broken") {
			return
		}
	}
	ip := fmt.Sprintf("10.0.%d.%d", address/250, address%250+1)
	pod.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: ip, PodIPs: []corev1.PodIP{{IP: ip}},
		Conditions: []corev1.PodCondition{
			{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now()},
		},
	}
	_, _ = client.CoreV1().Pods(pod.Namespace).UpdateStatus(context.Background(), pod, metav1.UpdateOptions{})
}

// takeOver says that a gateway works by what the route is now.
func takeOver(client dynamic.Interface, namespace, name string, generation int64, route map[string]any) {
	said, _ := json.Marshal(route["status"])
	if strings.Contains(string(said), fmt.Sprintf(`"observedGeneration":%d,`, generation)) {
		return
	}
	condition := func(kind string) map[string]any {
		return map[string]any{
			"type": kind, "status": "True", "reason": kind, "message": "",
			"observedGeneration": generation, "lastTransitionTime": metav1.Now().UTC().Format(time.RFC3339),
		}
	}
	patch, _ := json.Marshal(map[string]any{"status": map[string]any{"parents": []any{map[string]any{
		"controllerName": "example.com/gateway", "parentRef": map[string]any{"name": "gateway"},
		"conditions": []any{condition("Accepted"), condition("ResolvedRefs")},
	}}}})
	_, _ = client.Resource(routes).Namespace(namespace).Patch(
		context.Background(), name, types.MergePatchType, patch, metav1.PatchOptions{}, "status")
}
