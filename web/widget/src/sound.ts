let audio: AudioContext | null = null;

/** Two soft tones, made here: no file, nothing to load. Only ever after the customer switched it on. */
export function chime(): void {
  audio ??= new AudioContext();
  void audio.resume();
  [659, 880].forEach((hz, i) => {
    if (!audio) return;
    const at = audio.currentTime + i * 0.14;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.08, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.42);
  });
}
