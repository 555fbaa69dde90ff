/** A Finexio login, as it is entered and never shown again. */
import { type Entered, Field } from './form.tsx'

export const CredentialFields = ({ entered }: { entered: Entered }) => (
  <div class="split">
    <Field
      label="User name"
      name="username"
      path="credentials.username"
      entered={entered}
      required
      maxlength={256}
    />
    <Field
      label="Password"
      name="password"
      path="credentials.password"
      type="password"
      entered={entered}
      required
      maxlength={1024}
      autocomplete="new-password"
    />
  </div>
)
