// One use of a tag.

import { Reader } from "./json";
import { Direction, Plugin } from "./plugin";
import { Stage } from "./stage";

/** The fields of the input. */
const FIELDS = ["name", "attributes", "block", "person"];

enum Field {
  Name,
  Attributes,
  Block,
  Person,
}

/**
 * One use of a tag, such as `<hello to=Ann>`: what was written in it, and the way to the host. It is good until run returns.
 *
 * The host has checked the attributes and filled in defaults, so a value that is there is of its kind. To ask for an
 * attribute that the direction does not declare is a mistake that no run can live with: the call traps.
 */
export class Call extends Stage {
  /** Why the direction failed; empty if it did not. */
  reason: string = "";

  private reader: Reader = new Reader();
  private direction: Direction = Direction.none;
  /** Where the values of FIELDS lie in the input. */
  private fields: usize[] = [0, 0, 0, 0];

  /**
   * Begins another use of a tag: reads the input, and finds out which direction it is for. Says why it cannot.
   * @internal
   */
  begin(plugin: Plugin, start: usize, end: usize): string {
    this.reason = "";
    const r = this.reader;
    r.begin(start, end);
    r.note(FIELDS, this.fields);
    const direction = this.at(this.fields[Field.Name]) ? plugin.named(r) : null;
    if (direction === null) {
      const name = this.field(Field.Name);
      const fault = r.error();
      return fault.length ? fault : "this plug-in has no direction " + name;
    }
    this.direction = direction;
    r.at = end;
    this.at(this.fields[Field.Attributes]);
    r.note(direction.names, direction.places);
    return "";
  }

  /** @internal */
  run(): string {
    return this.direction.run(this);
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
    return this.field(Field.Block);
  }

  /** The id of the person, if the plug-in has Can.Person, else empty. */
  personID(): string {
    return this.field(Field.Person);
  }

  /**
   * Says why the direction failed, in a few words such as `no such place`. The tag's fallback stands in its place, and the
   * author of the script sees the reason: `return call.fail("no such place")`.
   */
  fail(reason: string): string {
    this.reason = reason.length ? reason : "it failed";
    return "";
  }

  /** Goes to the value of an attribute, and says whether there is one. */
  private find(name: string): bool {
    const i = this.direction.names.indexOf(name);
    if (i < 0) throw new Error("direction " + this.direction.name + " declares no attribute " + name);
    return this.at(unchecked(this.direction.places[i]));
  }

  /** Goes to a place, and says whether there is one. */
  private at(place: usize): bool {
    if (place) this.reader.at = place;
    return place != 0;
  }

  private field(field: Field): string {
    return this.at(this.fields[field]) ? this.value() : "";
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
