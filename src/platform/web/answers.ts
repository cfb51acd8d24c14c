import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Operation } from '../contract.ts'
import { type Answer, call, type InputOf, type Refusal, type RefusalOf, type ValueOf } from './client.ts'

// Questions to the server as hooks. A refusal is a value to be shown, never an exception to be caught.

class Said extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.refused)
    this.refusal = refusal
  }
}

/** One for the page. `onSignIn` is told when a session has ended, wherever that was noticed. */
export function openAnswers({ onSignIn }: { onSignIn?: () => void } = {}): QueryClient {
  const notice = (error: unknown) => error instanceof Said && error.refusal.refused === 'signIn' && onSignIn?.()
  return new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    // `call` itself repeats what may be repeated; twice would multiply.
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  })
}

export type Asked<Op extends Operation> = {
  /** The last good value; stays while a new page is on its way and when the line is lost. */
  value: ValueOf<Op> | undefined
  refused: Refusal<RefusalOf<Op>> | undefined
  /** Nothing to show yet. */
  waiting: boolean
  /** Something is shown while newer is fetched. */
  refreshing: boolean
  again: () => void
}

/** Asks and keeps asking anew when its input changes. `undefined` (or the «» and false of an `&&`) waits for one. */
export function useAnswer<Op extends Operation>(
  operation: Op,
  input: InputOf<Op> | undefined | false | '',
  { everyMs, staleMs, keep = true }: { everyMs?: number; staleMs?: number; keep?: boolean } = {},
): Asked<Op> {
  const query = useQuery<ValueOf<Op>, Error>({
    queryKey: [operation.name, input],
    enabled: typeof input === 'object',
    ...(everyMs ? { refetchInterval: everyMs } : {}),
    ...(staleMs === undefined ? {} : { staleTime: staleMs }),
    ...(keep ? { placeholderData: keepPreviousData as never } : {}),
    queryFn: async ({ signal }) => {
      const answer = await call(operation, input as InputOf<Op>, { signal })
      if (!answer.ok) throw new Said(answer)
      return answer.value ?? (null as ValueOf<Op>)
    },
  })
  return {
    value: query.data,
    refused: refusalIn(query.error) as Refusal<RefusalOf<Op>> | undefined,
    waiting: query.isPending && query.fetchStatus !== 'idle',
    refreshing: query.isFetching && !query.isPending,
    again: query.refetch,
  }
}
const refusalIn = (error: Error | null): Refusal | undefined =>
  error === null ? undefined : error instanceof Said ? error.refusal : { refused: 'broken' }

export type Doing<Op extends Operation> = {
  /** Does it and answers; the same answer is kept in `refused` for an <ErrorSentence>. */
  run: (input: InputOf<Op>) => Promise<Answer<Op>>
  doing: boolean
  refused: Refusal<RefusalOf<Op>> | undefined
  value: ValueOf<Op> | undefined
  forget: () => void
}

/** A change. `refresh` names the operations whose answers it makes old («all» for everything). */
export function useOperation<Op extends Operation>(
  operation: Op,
  { refresh = 'all', done }: { refresh?: readonly Operation[] | 'all'; done?: (value: ValueOf<Op>) => void } = {},
): Doing<Op> {
  const answers = useQueryClient()
  const mutation = useMutation<ValueOf<Op>, Error, InputOf<Op>>({
    mutationFn: async (input) => {
      const answer = await call(operation, input)
      if (!answer.ok) throw new Said(answer)
      return answer.value
    },
    onSuccess: (value) => {
      if (refresh === 'all') void answers.invalidateQueries()
      else for (const { name } of refresh) void answers.invalidateQueries({ queryKey: [name] })
      done?.(value)
    },
  })
  const { mutateAsync } = mutation
  const run = useCallback(
    async (input: InputOf<Op>): Promise<Answer<Op>> => {
      try {
        return { ok: true, value: await mutateAsync(input) }
      } catch (error) {
        return { ok: false, ...(refusalIn(error as Error) as Refusal<RefusalOf<Op>>) }
      }
    },
    [mutateAsync],
  )
  return {
    run,
    doing: mutation.isPending,
    refused: refusalIn(mutation.error) as Refusal<RefusalOf<Op>> | undefined,
    value: mutation.data,
    forget: mutation.reset,
  }
}
