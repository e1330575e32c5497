"""A few words for writing Cycles shader graphs as expressions instead of node soup."""

from __future__ import annotations

from typing import Any

import bpy

Socket = bpy.types.NodeSocket
Value = float | tuple | Socket


class Graph:
    """The node tree of one material; every method adds a node and returns its output socket."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def node(self, kind: str, inputs: dict[str | int, Value] | None = None, **settings: Any):
        """Add a ``ShaderNode<kind>``; sockets among the inputs are linked, values are set."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            if isinstance(value, Socket):
                self.tree.links.new(value, node.inputs[key])
            else:
                node.inputs[key].default_value = value
        return node

    def math(self, operation: str, a: Value, b: Value = 0.0, c: Value = 0.0) -> Socket:
        inputs = {0: a, 1: b, 2: c}
        return self.node("Math", inputs, operation=operation).outputs[0]

    def vector(self, operation: str, a: Value, b: Value = (0.0, 0.0, 0.0)) -> Socket:
        return self.node("VectorMath", {0: a, 1: b}, operation=operation).outputs[0]

    def scale(self, vector: Value, factors: tuple[float, float, float]) -> Socket:
        return self.vector("MULTIPLY", vector, factors)

    def split(self, vector: Value) -> tuple[Socket, Socket, Socket]:
        return tuple(self.node("SeparateXYZ", {0: vector}).outputs)

    def step(self, value: Value, low: float, high: float) -> Socket:
        """Smooth ramp from 0 at ``low`` to 1 at ``high`` (``low`` may be the larger)."""
        if low > high:
            return self.math("SUBTRACT", 1.0, self.step(value, high, low))
        inputs = {"Value": value, "From Min": low, "From Max": high}
        return self.node("MapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def mix(self, factor: Value, a: Value, b: Value, blend: str = "MIX") -> Socket:
        """Mix two colours (RGB triples are completed to RGBA)."""
        node = self.node("Mix", {0: factor}, data_type="RGBA", blend_type=blend)
        for slot, value in ((6, a), (7, b)):
            if isinstance(value, Socket):
                self.tree.links.new(value, node.inputs[slot])
            else:
                node.inputs[slot].default_value = (*value[:3], 1.0)
        return node.outputs[2]

    def noise(
        self, vector: Value, scale: float, detail: float = 3.0, rough: float = 0.5
    ) -> Socket:
        inputs = {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": rough}
        return self.node("TexNoise", inputs).outputs[0]

    def image(self, image: bpy.types.Image, vector: Value, *, extension: str = "REPEAT") -> Socket:
        return self.node("TexImage", {0: vector}, image=image, extension=extension).outputs[0]

    def uv(self, layer: str = "UVMap") -> Socket:
        return self.node("UVMap", uv_map=layer).outputs[0]

    def place(self, output: str = "Object") -> Socket:
        """Texture coordinates by name: Object, Generated, Window."""
        return self.node("TexCoord").outputs[output]

    def bump(self, height: Value, metres: float, normal: Socket | None = None) -> Socket:
        """Normal of a height field in [0, 1] that is ``metres`` deep."""
        inputs: dict[str | int, Value] = {"Strength": 1.0, "Distance": metres, "Height": height}
        if normal is not None:
            inputs["Normal"] = normal
        return self.node("Bump", inputs).outputs[0]

    def principled(self, **inputs: Value) -> Socket:
        """A Principled BSDF; keyword ``base_color`` names the input "Base Color" and so on."""
        named = {k.replace("_", " ").title().replace("Ior", "IOR"): v for k, v in inputs.items()}
        for key, value in named.items():
            if isinstance(value, tuple) and len(value) == 3 and "Color" in key:
                named[key] = (*value, 1.0)
        return self.node("BsdfPrincipled", named).outputs[0]

    def emission(self, strength: Value) -> Socket:
        return self.node("Emission", {"Strength": strength}).outputs[0]
