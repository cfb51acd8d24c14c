import { call } from '../../../platform/web/client.ts'
import type { OrgSource } from '../../../platform/web/ui/index.ts'
import { children, findUnits, tops } from '../../organisation/contract.ts'

type Row = { unitId: string; name: string; code: string; children: number }
const node = ({ unitId, name, code, children: below }: Row) => ({ id: unitId, name, code, hasChildren: below > 0 })
const refused = (word: string): never => {
  throw new Error(word)
}
/** The reader's own tree, for choosing where a right is given. */
export const unitSource: OrgSource = {
  key: 'access.units',
  async children(parentId) {
    const answer = parentId ? await call(children, { unitId: parentId as never }) : await call(tops, {})
    if (!answer.ok) return refused(answer.refused)
    return ('units' in answer.value ? answer.value.units : answer.value.rows).map(node)
  },
  async search(typed) {
    const answer = await call(findUnits, { text: typed })
    return answer.ok
      ? answer.value.units.map((unit) => ({ ...node(unit), above: unit.above }))
      : refused(answer.refused)
  },
}
