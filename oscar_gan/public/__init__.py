"""Pages of this plugin that everybody may see."""
