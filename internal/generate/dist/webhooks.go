package dist

import "go.yaml.in/yaml/v3"

// webhooks moves all callbacks to x-webhooks, by name. Client generators know no callbacks, or
// make operations of the client of them, and Prism sends them; of x-webhooks they take the
// schemas alone.
func webhooks(root *yaml.Node) {
	components, list := get(root, "components"), object()
	for name, callback := range pairs(get(components, "callbacks")) {
		for _, item := range pairs(callback) {
			set(list, name, item)
		}
	}
	if len(list.Content) > 0 {
		remove(components, "callbacks")
		set(root, "x-webhooks", list)
	}
}
