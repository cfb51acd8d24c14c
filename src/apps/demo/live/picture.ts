// What the made-up cameras of the demo see: a speaker at a lectern, a hall of people. Drawn, so that nobody's face is used.

import fs from 'node:fs'
import path from 'node:path'
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'

export type Scene = { kind: 'speaker' | 'hall'; name: string; seed: number }
const ink = '#221d17'
const paper = '#faf7f0'

let fonts = false
function loadFonts() {
  if (fonts) return
  fonts = true
  const folder = path.resolve(import.meta.dirname, '../../../../node_modules/@expo-google-fonts/tinos')
  for (const weight of ['400Regular', '700Bold']) {
    const file = path.join(folder, weight, `Tinos_${weight}.ttf`)
    if (fs.existsSync(file)) GlobalFonts.registerFromPath(file, 'Tinos')
  }
}

/** A canvas that draws the scene as it is at a moment; `seconds` moves it, `loud` (0…1) opens a mouth. */
export function openPicture(scene: Scene, width: number, height: number) {
  loadFonts()
  const canvas: Canvas = createCanvas(width, height)
  const pen = canvas.getContext('2d')
  const unit = height / 360
  return {
    width,
    height,
    /** RGBA, four bytes a pixel, top row first. */
    draw(seconds: number, loud: number, clock: string): Uint8Array {
      pen.save()
      pen.scale(unit, unit)
      const wide = width / unit
      if (scene.kind === 'speaker') drawSpeaker(pen, wide, seconds, loud)
      else drawHall(pen, wide, seconds, scene.seed)
      drawName(pen, wide, scene.name, clock)
      pen.restore()
      return new Uint8Array(pen.getImageData(0, 0, width, height).data.buffer)
    },
  }
}

function drawSpeaker(pen: SKRSContext2D, wide: number, seconds: number, loud: number) {
  const middle = wide / 2
  pen.fillStyle = '#3a1512'
  pen.fillRect(0, 0, wide, 360)
  pen.fillStyle = '#4c1c18'
  for (let x = -20; x < wide; x += 46) pen.fillRect(x, 0, 22, 300)
  pen.fillStyle = '#a67c1e'
  pen.fillRect(middle - 190, 26, 380, 5)
  pen.fillStyle = '#271310'
  pen.fillRect(0, 300, wide, 60)
  const sway = Math.sin(seconds * 0.9) * 4
  const nod = Math.sin(seconds * 1.7) * 2
  // Shoulders, then the head, then the lectern in front of both.
  pen.fillStyle = '#20242d'
  pen.beginPath()
  pen.roundRect(middle - 78 + sway, 172, 156, 130, 44)
  pen.fill()
  pen.fillStyle = paper
  pen.beginPath()
  pen.moveTo(middle - 16 + sway, 174)
  pen.lineTo(middle + 16 + sway, 174)
  pen.lineTo(middle + sway, 216)
  pen.fill()
  pen.fillStyle = '#c99a74'
  pen.beginPath()
  pen.ellipse(middle + sway * 1.3, 128 + nod, 40, 50, 0, 0, 7)
  pen.fill()
  pen.fillStyle = '#1d1713'
  pen.beginPath()
  pen.ellipse(middle + sway * 1.3, 98 + nod, 42, 26, 0, Math.PI, 0)
  pen.fill()
  pen.fillStyle = '#5a2f22'
  pen.beginPath()
  pen.ellipse(middle + sway * 1.3, 152 + nod, 12, 2 + 7 * loud, 0, 0, 7)
  pen.fill()
  pen.fillStyle = ink
  for (const side of [-1, 1]) {
    pen.beginPath()
    pen.ellipse(middle + sway * 1.3 + side * 15, 124 + nod, 3.4, seconds % 4 < 0.15 ? 0.6 : 3.4, 0, 0, 7)
    pen.fill()
  }
  pen.strokeStyle = '#c99a74'
  pen.lineWidth = 16
  pen.lineCap = 'round'
  pen.beginPath()
  pen.moveTo(middle + 70 + sway, 240)
  pen.quadraticCurveTo(
    middle + 120,
    240,
    middle + 118 + Math.sin(seconds * 2.3) * 14,
    206 + Math.cos(seconds * 1.9) * 12,
  )
  pen.stroke()
  pen.fillStyle = '#8a6246'
  pen.beginPath()
  pen.roundRect(middle - 92, 258, 184, 102, 6)
  pen.fill()
  pen.fillStyle = '#73503a'
  pen.fillRect(middle - 104, 250, 208, 14)
}

function drawHall(pen: SKRSContext2D, wide: number, seconds: number, seed: number) {
  pen.fillStyle = '#d9d2c3'
  pen.fillRect(0, 0, wide, 360)
  pen.fillStyle = '#b9b1a0'
  pen.fillRect(0, 150, wide, 210)
  pen.fillStyle = '#fffdf8'
  pen.fillRect(wide / 2 - 90, 34, 180, 84)
  pen.fillStyle = '#8f1d1a'
  pen.fillRect(wide / 2 - 90, 24, 180, 6)
  const coats = ['#3b4252', '#5b3a34', '#2f4a3c', '#6b5a3a', '#41414b', '#7a3f38']
  for (let row = 0; row < 6; row++) {
    const size = 9 + row * 3.4
    const y = 170 + row * 30
    const gap = size * 2.9
    for (let x = gap / 2, nth = 0; x < wide; x += gap, nth++) {
      const lot = Math.abs(Math.sin(seed * 12.9898 + row * 78.233 + nth * 37.719)) // some seats stay empty
      if (lot < 0.12) continue
      const lean = Math.sin(seconds * (0.3 + lot) + lot * 20) * 1.4
      pen.fillStyle = coats[Math.floor(lot * 997) % coats.length]!
      pen.beginPath()
      pen.roundRect(x - size + lean, y, size * 2, size * 2.2, size * 0.7)
      pen.fill()
      pen.fillStyle = lot > 0.6 ? '#2a211b' : '#57483d'
      pen.beginPath()
      pen.ellipse(x + lean, y - size * 0.35, size * 0.72, size * 0.85, 0, 0, 7)
      pen.fill()
    }
  }
}

function drawName(pen: SKRSContext2D, wide: number, name: string, clock: string) {
  pen.fillStyle = 'rgba(20, 16, 12, .78)'
  pen.fillRect(0, 326, wide, 34)
  pen.fillStyle = paper
  pen.font = '700 17px Tinos'
  pen.textBaseline = 'middle'
  pen.fillText(name, 14, 344, wide - 130)
  pen.textAlign = 'right'
  pen.font = '400 16px Tinos'
  pen.fillText(clock, wide - 14, 344)
  pen.textAlign = 'left'
}
