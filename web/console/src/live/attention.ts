import { prefs } from '../lib/prefs'

type Tone = 'message' | 'assigned'
let audio: AudioContext | null = null

/** Two soft tones made in the browser: rising for a new conversation, one note for a message. */
export function play(tone: Tone, always = false) {
  const { sound, volume } = prefs.get()
  if ((!sound && !always) || volume === 0 || typeof AudioContext === 'undefined') return
  audio ??= new AudioContext()
  const context = audio
  if (context.state === 'suspended') void context.resume().catch(() => undefined)
  const notes = tone === 'assigned' ? [587.33, 880] : [698.46]
  notes.forEach((frequency, index) => {
    const start = context.currentTime + index * 0.14
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    oscillator.type = 'sine'
    oscillator.frequency.value = frequency
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(volume * 0.25, start + 0.02)
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + 0.4)
  })
}

/** A notification of the desktop, only while the page is not looked at and only if it was asked for. */
export function notify(title: string, body: string, tag: string, onOpen: () => void) {
  if (!prefs.get().notify || typeof Notification === 'undefined' || Notification.permission !== 'granted' || document.hasFocus()) return
  const notification = new Notification(title, { body, tag, icon: '/console/mark.svg' })
  notification.onclick = () => { window.focus(); onOpen(); notification.close() }
}

/** Asks the browser; only ever after a press. */
export async function askForNotifications(): Promise<boolean> {
  if (typeof Notification === 'undefined') return false
  return (await Notification.requestPermission()) === 'granted'
}
