import { Cell } from "@rapport/kit/stream";
import { recall, remember } from "./memory";

/** Whether new messages are heard; off until somebody asks for it. */
export const soundIsOn = new Cell(recall("sound") === "on");

export function setSound(on: boolean): void {
  remember("sound", on ? "on" : null);
  soundIsOn.set(on);
  if (on) chime();
}

let audio: AudioContext | undefined;

/** Two soft notes, made here so that no file is loaded. */
export function chime(): void {
  if (!soundIsOn.get()) return;
  audio ??= new AudioContext();
  note(audio, 660, 0);
  note(audio, 880, 0.11);
}

function note(context: AudioContext, hertz: number, after: number): void {
  const start = context.currentTime + after;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.08, start + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.32);
}
