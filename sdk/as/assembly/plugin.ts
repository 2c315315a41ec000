// What a plug-in is: its directions, their attributes, and what it asks the owner of a bot for.

import { ABI_MINOR, Form, Kind } from "./abi";
import { Writer } from "./bytes";
import { Call } from "./call";
import { Reader } from "./json";

/**
 * Whether the runtime of the language is stub, which frees nothing.
 * @internal
 */
export const NOTHING_FREES: bool = ASC_RUNTIME == 0;

/**
 * What a direction does: it gets the call, and returns the text that stands in the place of the tag. It fails by returning
 * `call.fail("why")`.
 */
export type Run = (call: Call) => string;

/** A plug-in: `serve(new Plugin("1.0")…)`. It is described once, when the host admits the module. */
export class Plugin {
  private sentence: string = "";
  private shareable: bool = false;
  private millis: i32 = 0;
  private bytes: i32 = 0;
  private tags: Direction[] = [];
  private wishes: Want[] = [];

  /** A version is written as you like. */
  constructor(private version: string) {}

  /** What it is for, in a sentence. */
  description(sentence: string): Plugin {
    this.sentence = sentence;
    return this;
  }

  /** One more tag; there has to be at least one. */
  direction(direction: Direction): Plugin {
    this.tags.push(direction);
    return this;
  }

  /** Asks for a capability, and says why in a sentence the owner understands. */
  want(capability: string, reason: string): Plugin {
    return this.wantOf(capability, [], reason);
  }

  /** Asks for a capability that is granted piece by piece: hosts, names of settings, of secrets or of variables. */
  wantOf(capability: string, items: string[], reason: string): Plugin {
    this.wishes.push(new Want(capability, items, reason));
    return this;
  }

  /**
   * Says that no call leaves anything behind in memory. Then the owner may let people share it without restoring it, which
   * is faster. Nobody frees then what calls have used but a collector: it needs the runtime minimal or incremental.
   */
  stateless(): Plugin {
    if (NOTHING_FREES) {
      ERROR("stateless: nothing frees what calls have used; make the runtime incremental in direction/asconfig.json");
    }
    this.shareable = true;
    return this;
  }

  /** How many milliseconds a call may take, at most 2,000. */
  time(millis: i32): Plugin {
    this.millis = millis;
    return this;
  }

  /** How many bytes of memory it needs, at most 16 MiB. */
  memory(bytes: i32): Plugin {
    this.bytes = bytes;
    return this;
  }

  /** @internal */
  named(name: Reader): Direction | null {
    for (let i = 0; i < this.tags.length; i++) {
      if (name.is(this.tags[i].name)) return this.tags[i];
    }
    return null;
  }

  /** @internal */
  describe(w: Writer): void {
    w.open(0x7b);
    w.text("version", this.version);
    w.key("minor").raw(ABI_MINOR.toString());
    w.optional("description", this.sentence);
    w.flag("stateless", this.shareable);
    w.count("time", this.millis);
    w.count("memory", this.bytes);
    w.key("directions").open(0x5b);
    for (let i = 0; i < this.tags.length; i++) this.tags[i].describe(w.element());
    w.close(0x5d);
    if (this.wishes.length) {
      w.key("wants").open(0x5b);
      for (let i = 0; i < this.wishes.length; i++) this.wishes[i].describe(w.element());
      w.close(0x5d);
    }
    w.close(0x7d);
  }
}

/** A tag. */
export class Direction {
  /** @internal */
  static readonly none: Direction = new Direction("", Form.Inline, () => "");
  /**
   * Of its attributes, and where their values lie in the input of the call that it answers; 0: there is none.
   * @internal
   */
  readonly names: string[] = [];
  /** @internal */
  readonly places: usize[] = [];
  private sentence: string = "";
  private attributes: Attribute[] = [];

  private constructor(
    /** Small letters, digits, _ and -, beginning with a letter. */
    readonly name: string,
    private form: string,
    /** @internal */
    readonly run: Run,
  ) {}

  /** `<name …>`: the text that run returns stands in its place. */
  static inline(name: string, run: Run): Direction {
    return new Direction(name, Form.Inline, run);
  }

  /** `<name …>…</name>`: run also gets the text between the two. */
  static block(name: string, run: Run): Direction {
    return new Direction(name, Form.Block, run);
  }

  /** `<name …>`: it does something and says nothing. */
  static effect(name: string, run: Run): Direction {
    return new Direction(name, Form.Effect, run);
  }

  /** What it does, in a sentence for authors of scripts. */
  description(sentence: string): Direction {
    this.sentence = sentence;
    return this;
  }

  /** One more attribute. Every direction takes fallback as well, which is the host's. */
  attribute(attribute: Attribute): Direction {
    this.attributes.push(attribute);
    this.names.push(attribute.name);
    this.places.push(0);
    return this;
  }

  /** @internal */
  describe(w: Writer): void {
    w.open(0x7b);
    w.text("name", this.name);
    w.text("form", this.form);
    w.optional("description", this.sentence);
    if (this.attributes.length) {
      w.key("attributes").open(0x5b);
      for (let i = 0; i < this.attributes.length; i++) this.attributes[i].describe(w.element());
      w.close(0x5d);
    }
    w.close(0x7d);
  }
}

/** An attribute of a tag. The host checks it: a call only ever has values of the kind and in the range. */
export class Attribute {
  private sentence: string = "";
  private needed: bool = false;
  private otherwise: string = "";
  private least: string = "";
  private most: string = "";
  private options: string[] = [];

  private constructor(
    /** Small letters, digits, _ and -, beginning with a letter. */
    readonly name: string,
    private kind: string,
  ) {}

  /** Any text. */
  static text(name: string): Attribute {
    return new Attribute(name, Kind.Text);
  }

  /** A number, with a fraction or without. */
  static number(name: string): Attribute {
    return new Attribute(name, Kind.Number);
  }

  /** A whole number. */
  static integer(name: string): Attribute {
    return new Attribute(name, Kind.Integer);
  }

  /** True or false; a flag without a value is true. */
  static boolean(name: string): Attribute {
    return new Attribute(name, Kind.Boolean);
  }

  /** One of the choices. */
  static choice(name: string, choices: string[]): Attribute {
    const attribute = new Attribute(name, Kind.Choice);
    attribute.options = choices;
    return attribute;
  }

  /** An http or https address. */
  static url(name: string): Attribute {
    return new Attribute(name, Kind.URL);
  }

  /** The tag is an error without it. */
  required(): Attribute {
    this.needed = true;
    return this;
  }

  /** What it is when it is left out, written as in a tag. */
  default(value: string): Attribute {
    this.otherwise = value;
    return this;
  }

  /** Least value of a number or an integer, written as in a tag. */
  min(value: string): Attribute {
    this.least = value;
    return this;
  }

  /** Greatest value of a number or an integer, written as in a tag. */
  max(value: string): Attribute {
    this.most = value;
    return this;
  }

  /** What it means, in a sentence for authors of scripts. */
  description(sentence: string): Attribute {
    this.sentence = sentence;
    return this;
  }

  /** @internal */
  describe(w: Writer): void {
    w.open(0x7b);
    w.text("name", this.name);
    w.text("kind", this.kind);
    w.optional("description", this.sentence);
    w.flag("required", this.needed);
    w.optional("default", this.otherwise);
    if (this.least.length) w.key("min").raw(this.least);
    if (this.most.length) w.key("max").raw(this.most);
    w.texts("choices", this.options);
    w.close(0x7d);
  }
}

class Want {
  constructor(private capability: string, private items: string[], private reason: string) {}

  describe(w: Writer): void {
    w.open(0x7b);
    w.text("capability", this.capability);
    w.texts("items", this.items);
    w.text("reason", this.reason);
    w.close(0x7d);
  }
}
