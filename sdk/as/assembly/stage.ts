// The stage: what people see of a direction beside its text.

import {
  host_attach,
  host_cut,
  host_delay,
  host_emit,
  host_quick,
  host_read,
  host_remind,
  host_silence,
  host_topic,
  host_write,
  host_clear,
  Status,
} from "./abi";
import { encode, Writer } from "./bytes";
import { Host, look, spoken } from "./host";
import { parseJSON } from "./json";

/** What every call can do on stage; see Call. */
export abstract class Stage extends Host {
  /** Says a text before the one that the direction returns. Like that one it is text, whatever is in it. It needs Can.Emit. */
  emit(text: string): void {
    const w = spoken(text);
    host_emit(w.ptr, w.len);
  }

  /** Ends the message; what follows is a new one. It needs Can.Cut. */
  cut(): void {
    host_cut();
  }

  /**
   * Lets what follows go out later, by 0 to 120,000 milliseconds. If the person writes in between, it does not come, unless
   * it is to be kept. It needs Can.Delay.
   */
  delay(millis: i32, keep: bool = false): void {
    host_delay(max(0, min(millis, 120000)), keep);
  }

  /** Keeps the whole reply of this turn back. It needs Can.Silence. */
  silence(): void {
    host_silence();
  }

  /** Adds 1 to 13 quick replies to the message. It needs Can.Quick. */
  quick(labels: string[]): Status {
    const w = new Writer();
    w.list(labels);
    const status = host_quick(w.ptr, w.len);
    w.free();
    return status;
  }

  /** Adds an image by its address. It needs Can.Attach, like all that follow. */
  image(url: string): Status {
    return attach("image", [url]);
  }

  /** Adds a recording by its address. */
  audio(url: string): Status {
    return attach("audio", [url]);
  }

  /** Adds a film by its address. */
  video(url: string): Status {
    return attach("video", [url]);
  }

  /** Adds a file by its address. */
  file(url: string): Status {
    return attach("file", [url]);
  }

  /** Adds a button that opens an address. */
  link(url: string, title: string): Status {
    return attach("link", [url, title]);
  }

  /** Adds a Messenger template: the JSON of its payload. */
  template(payload: string): Status {
    return attachJSON("template", payload);
  }

  /**
   * Adds a card. Image and buttons may be left out; a button is a label, =, and an address or a text that counts as typed.
   */
  card(title: string, subtitle: string = "", image: string = "", buttons: string[] = []): Status {
    return attach("card", [title, subtitle, image].concat(buttons));
  }

  /** Adds cards to leaf through: the JSON list of the elements of a template. */
  cards(elements: string): Status {
    return attachJSON("cards", elements);
  }

  /** Shows the typing indicator before the message. */
  typing(): Status {
    return attach("typing", []);
  }

  /** Adds JSON for a web page that hosts the bot. */
  metadata(json: string): Status {
    return attachJSON("metadata", json);
  }

  /** A variable of the person; empty if it is not set. It needs Can.Read with that name. */
  read(name: string): string {
    const value = look(host_read, name);
    return value === null ? "" : value;
  }

  /** Sets a variable of the person. It needs Can.Write with that name. */
  write(name: string, value: string): Status {
    const k = encode(name);
    const v = encode(value);
    return host_write(changetype<usize>(k), k.byteLength, changetype<usize>(v), v.byteLength);
  }

  /** Clears a variable of the person. It needs Can.Write with that name. */
  clear(name: string): Status {
    const k = encode(name);
    return host_clear(changetype<usize>(k), k.byteLength);
  }

  /** Switches the topic of the person. It needs Can.Topic. */
  topic(name: string): void {
    const w = spoken(name);
    host_topic(w.ptr, w.len);
  }

  /**
   * Says a text later, in place of a reminder of the same name. The time is a number and a unit, such as `30 minutes`, or
   * what at makes of a time. It needs Can.Remind.
   */
  remind(name: string, when: string, text: string): Status {
    const w = new Writer();
    w.open(0x7b);
    w.text("name", name);
    w.text("text", text);
    w.text("time", when);
    return remind(w);
  }

  /** Cancels a reminder. It needs Can.Remind. */
  cancel(name: string): Status {
    const w = new Writer();
    w.open(0x7b);
    w.text("name", name);
    w.flag("cancel", true);
    return remind(w);
  }
}

/** Writes a time, in milliseconds since 1970 UTC, for Call.remind. */
export function at(millis: i64): string {
  return millis.toString();
}

function remind(w: Writer): Status {
  w.close(0x7d);
  const status = host_remind(w.ptr, w.len);
  w.free();
  return status;
}

function attach(name: string, args: string[]): Status {
  const w = new Writer();
  w.open(0x7b);
  w.text("name", name);
  w.texts("args", args);
  return attached(w);
}

/** Adds an element whose one argument is JSON. */
function attachJSON(name: string, json: string): Status {
  if (parseJSON(json).error.length) return Status.Invalid;
  const w = new Writer();
  w.open(0x7b);
  w.text("name", name);
  w.key("args").open(0x5b);
  w.element().raw(json);
  w.close(0x5d);
  return attached(w);
}

function attached(w: Writer): Status {
  w.close(0x7d);
  const status = host_attach(w.ptr, w.len);
  w.free();
  return status;
}
