let audio: AudioContext | undefined;

/** Two soft tones, synthesised here: there is no file to load. Played only after the customer switched sound on. */
export function chime(): void {
  audio ??= new AudioContext();
  void audio.resume();
  const at = audio.currentTime;
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.setValueAtTime(659, at);
  tone.frequency.setValueAtTime(880, at + 0.15);
  gain.gain.setValueAtTime(0.08, at);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
  tone.connect(gain).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.6);
}
