package config

// Network is the environment's network, created or somebody else's; see
// components/gcp/network. Exactly one of VPC and Existing is given.
type Network struct {
	VPC      *VPC     `json:"vpc"`
	Existing *Foreign `json:"existing"` // Existing is the VPC of a shared cluster.
}

// Foreign names what another team owns.
type Foreign struct {
	Project string `json:"project"` // Project that owns it. Required.
	Name    string `json:"name"`    // Name of it. Required.
}

// VPC describes a network to create.
type VPC struct {
	Ranges                   Ranges            `json:"ranges"`
	Taken                    map[string]string `json:"taken"`
	GlobalRouting            bool              `json:"globalRouting"`
	MTU                      int               `json:"mtu"`
	FlowLogs                 FlowLogs          `json:"flowLogs"`
	NAT                      NAT               `json:"nat"`
	AbandonPrivateConnection bool              `json:"abandonPrivateConnection"`
	FirewallRules            []FirewallRule    `json:"firewallRules"`
}

// Ranges are the VPC's IPv4 ranges.
type Ranges struct {
	Nodes           string `json:"nodes"`
	Pods            string `json:"pods"`
	Services        string `json:"services"`
	PrivateServices string `json:"privateServices"`
}

// FlowLogs sample the subnetwork's connections.
type FlowLogs struct {
	Disable  bool    `json:"disable"`
	Sampling float64 `json:"sampling"`
	Interval string  `json:"interval"`
	Metadata string  `json:"metadata"`
	Filter   string  `json:"filter"`
}

// NAT is the nodes' way out to the internet.
type NAT struct {
	Addresses []string `json:"addresses"`
	Draining  []string `json:"draining"`
	MinPorts  int      `json:"minPorts"`
	MaxPorts  int      `json:"maxPorts"`
	LogFilter string   `json:"logFilter"`
}

// FirewallRule admits traffic into the VPC.
type FirewallRule struct {
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	SourceRanges []string `json:"sourceRanges"`
	TargetTags   []string `json:"targetTags"`
	Protocol     string   `json:"protocol"`
	Ports        []string `json:"ports"`
	Priority     int      `json:"priority"`
}
