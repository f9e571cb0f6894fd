// As much of a page as the drawing of text needs: nodes with children, and what they say in HTML.

class Node {
  constructor(name) {
    this.name = name;
    this.children = [];
    this.own = {};
  }

  set href(value) {
    this.own.href = value;
  }

  set start(value) {
    this.own.start = value;
  }

  append(...children) {
    for (const child of children) this.children.push(...(child.name === "#fragment" ? child.children : [child]));
  }

  appendChild(child) {
    this.append(child);
    return child;
  }

  toString() {
    const inner = this.children.join("");
    if (this.name === "#fragment") return inner;
    if (this.name === "br") return "<br>";
    const own = Object.entries(this.own).map(([name, value]) => ` ${name}="${value}"`).join("");
    return `<${this.name}${own}>${inner}</${this.name}>`;
  }
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

class Text {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return escaped(this.text);
  }
}

const append = Node.prototype.append;
Node.prototype.append = function (...children) {
  append.apply(this, children.map((child) => (typeof child === "string" ? new Text(child) : child)));
};

globalThis.document = {
  createElement: (name) => new Node(name),
  createTextNode: (text) => new Text(text),
  createDocumentFragment: () => new Node("#fragment"),
};
