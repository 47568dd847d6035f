"""The Snaptex desktop application: from the hotkey to the clipboard."""
