import type { StoreAddress } from './address.ts'
import { fileRemote } from './fileRemote.ts'
import { httpRemote } from './httpRemote.ts'
import { postgresRemote } from './postgresRemote.ts'
import type { Remote } from './remote.ts'
import { s3Remote } from './s3Remote.ts'

/** Snapshots at an address. Nothing is asked yet. */
export function openRemote(address: StoreAddress): Remote {
  switch (address.kind) {
    case 'file':
      return fileRemote(address)
    case 'http':
      return httpRemote(address)
    case 's3':
      return s3Remote(address)
    case 'postgres':
      return postgresRemote(address)
  }
}
