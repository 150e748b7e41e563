import './entry.css';
import '../mailbox/mailbox.css';
import { Navigate, Route, Routes } from 'react-router';
import { Forgot } from './forgot';
import { Invitation } from './invitation';
import { Reset } from './reset';
import { SetUp } from './setup';
import { SignIn } from './sign-in';

/** Set-up, sign-in, invitation and reset, each on its own path. Uses the words of the areas `entry`, `form` and `mailbox`. */
export default function Entry() {
  return (
    <Routes>
      <Route path="/setup/*" element={<SetUp />} />
      <Route path="/sign-in" element={<SignIn />} />
      <Route path="/invitation" element={<Invitation />} />
      <Route path="/forgot-password" element={<Forgot />} />
      <Route path="/reset-password" element={<Reset />} />
      <Route path="*" element={<Navigate to="/sign-in" replace />} />
    </Routes>
  );
}
