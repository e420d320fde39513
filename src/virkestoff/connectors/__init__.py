"""What touches the network: each connector looks at the world and hands on what it saw."""
