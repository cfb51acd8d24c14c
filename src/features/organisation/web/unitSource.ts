import { call } from '../../../platform/web/client.ts'
import type { OrgFound, OrgNode, OrgSource } from '../../../platform/web/ui/index.ts'
import { children, findUnits, tops, type UnitRow } from '../contract.ts'

/** A unit in a tree; its count is there when the reader stands over it. */
export type UnitNode = OrgNode & { members?: number | undefined }
const asNode = (row: UnitRow): UnitNode => ({
  id: row.unitId,
  name: row.name,
  code: row.code,
  hasChildren: row.children > 0,
  members: row.members,
})

/** The organisation for <OrgTree> and <OrgTreePicker>: one's own part first, the rest by search. */
export const unitSource: OrgSource = {
  key: 'organisation',
  children: async (parentId) => {
    if (parentId === undefined) {
      const answer = await call(tops, {})
      if (!answer.ok) throw new Error(answer.refused)
      return answer.value.units.map(asNode)
    }
    const answer = await call(children, { unitId: parentId, size: 500 })
    if (!answer.ok) throw new Error(answer.refused)
    return answer.value.rows.map(asNode)
  },
  search: async (typed): Promise<readonly OrgFound[]> => {
    const answer = await call(findUnits, { text: typed })
    if (!answer.ok) throw new Error(answer.refused)
    return answer.value.units.map((unit) => ({ ...asNode(unit), above: unit.above }))
  },
}
