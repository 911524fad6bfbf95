import { expect, test } from 'vitest'
import { ring } from './index'
test('a ring', () => expect(ring(0)).toBe(0))
