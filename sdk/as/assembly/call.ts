// One use of a tag.

import { Reader } from "./json";
import { Direction } from "./plugin";
import { Stage } from "./stage";

/**
 * One use of a tag, such as `<hello to=Ann>`: what was written in it, and the way to the host. It is good until run returns.
 *
 * The host has checked the attributes and filled in defaults, so a value that is there is of its kind. To ask for an
 * attribute that the direction does not declare is a mistake that no run can live with: the call traps.
 */
export class Call extends Stage {
  /** Why the direction failed; empty if it did not. */
  reason: string = "";
  private reader: Reader;
  private start: usize;
  /** Where the object of the attributes begins; 0 if there is none. */
  private attributes: usize = 0;

  /** @internal */
  constructor(private direction: Direction, start: usize, end: usize) {
    super();
    this.start = start;
    const r = new Reader(start, end);
    if (r.find("attributes")) this.attributes = r.at;
    this.reader = r;
  }

  /** The name of the direction. */
  name(): string {
    return this.direction.name;
  }

  /** Whether an attribute has a value: from the tag, or its default. */
  has(name: string): bool {
    return this.find(name);
  }

  /** The value of an attribute of any kind; empty when it has none. */
  text(name: string): string {
    return this.find(name) ? this.value() : "";
  }

  /** The value of a number or an integer; 0 when it has none. */
  number(name: string): f64 {
    return this.find(name) ? parseFloat(this.value()) : 0;
  }

  /** The value of an integer; 0 when it has none. */
  integer(name: string): i64 {
    return this.find(name) ? this.reader.integer() : 0;
  }

  /** The value of a boolean; false when it has none. */
  boolean(name: string): bool {
    return this.find(name) && this.reader.word("true");
  }

  /** The text between the tags of a block. */
  block(): string {
    return this.field("block");
  }

  /** The id of the person, if the plug-in has Can.Person, else empty. */
  personID(): string {
    return this.field("person");
  }

  /**
   * Says why the direction failed, in a few words such as `no such place`. The tag's fallback stands in its place, and the
   * author of the script sees the reason: `return call.fail("no such place")`.
   */
  fail(reason: string): string {
    this.reason = reason.length ? reason : "it failed";
    return "";
  }

  private field(key: string): string {
    this.reader.at = this.start;
    return this.reader.find(key) ? this.value() : "";
  }

  /** Goes to the value of an attribute, and says whether there is one. */
  private find(name: string): bool {
    if (this.attributes) {
      this.reader.at = this.attributes;
      if (this.reader.find(name)) return true;
    }
    if (!this.direction.declares(name)) {
      throw new Error("direction " + this.direction.name + " declares no attribute " + name);
    }
    return false;
  }

  /** The value that the reader stands at, as it is written in a tag. */
  private value(): string {
    const r = this.reader;
    const c = r.peek();
    if (c == 0x22) return r.string();
    if (c == 0x2d || (c >= 0x30 && c <= 0x39)) return r.number();
    return r.word("true") ? "true" : r.word("false") ? "false" : "";
  }
}
